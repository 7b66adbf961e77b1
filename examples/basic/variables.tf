variable "name" {
  description = "First part of the name of everything that is created."
  type        = string
  default     = "task-runner-basic"
  nullable    = false
}

variable "region" {
  description = "Region to create it in."
  type        = string
  default     = "us-east-1"
  nullable    = false
}

variable "tls_only" {
  description = <<-EOT
    Whether the queues refuse plain http. Turn it off for an embedded AWS that serves http and enforces queue policies,
    never on AWS.
  EOT
  type        = bool
  default     = true
  nullable    = false
}

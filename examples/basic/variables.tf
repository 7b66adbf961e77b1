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

variable "name" {
  description = "First part of the name of everything that is created."
  type        = string
  default     = "task-runner-custom-worker"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9-]{1,26}$", var.name))
    error_message = "name must be 1 to 26 lower case letters, digits and hyphens: bucket names begin with it."
  }
}

variable "region" {
  description = "Region to create it in."
  type        = string
  default     = "us-east-1"
  nullable    = false
}

variable "account_log_role" {
  description = <<-EOT
    Whether to set the role that API Gateway writes logs with, for all APIs of this account and region. Turn it off
    where the account has one.
  EOT
  type        = bool
  default     = true
  nullable    = false
}

variable "allowed_source_ips" {
  description = "CIDR blocks that requests may come from. Default: the whole internet."
  type        = list(string)
  default     = ["0.0.0.0/0", "::/0"]
  nullable    = false
}

variable "api_key" {
  description = "API key of the example's caller, 20 to 128 characters. Default: one that API Gateway makes up."
  type        = string
  default     = null
  sensitive   = true
}

variable "kms_key_arn" {
  description = <<-EOT
    ARN of the KMS key to encrypt everything with; docs/security.md has the policy that it needs. Default: the services'
    own encryption.
  EOT
  type        = string
  default     = null
}

variable "name" {
  description = "First part of the name of everything that is created."
  type        = string
  default     = "task-runner-complete"
  nullable    = false
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the roles. Default: no boundary."
  type        = string
  default     = null
}

variable "region" {
  description = "Region to create it in."
  type        = string
  default     = "us-east-1"
  nullable    = false
}

variable "web_acl_arn" {
  description = "ARN of the regional WAFv2 web ACL to put in front of the API. Default: none."
  type        = string
  default     = null
}

variable "worker_layers" {
  description = "ARNs of up to four layer versions to put over the module's. Default: none."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "worker_policy_arns" {
  description = "ARNs of IAM policies to attach to the worker's role, each under a name. Default: none."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "worker_vpc" {
  description = "Subnets and security groups of the worker, from which it reaches DynamoDB and SQS. Default: no VPC."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}

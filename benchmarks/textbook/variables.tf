variable "name" {
  type = string
}

variable "region" {
  type = string
}

variable "api_package_file" {
  type = string
}

variable "worker_package_file" {
  type = string
}

variable "api_package_file" {
  type = string
}

variable "worker_package_file" {
  type = string
}

# What every stack here starts with; each has a link to this file.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = var.region
}

variable "name" {
  type = string
}

variable "region" {
  type = string
}

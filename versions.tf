terraform {
  # 1.3 brought optional() with defaults; 1.5 is where Terraform and OpenTofu still share their language.
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # 5.79 is the first to know provisioned pollers: a provider refuses a block that it does not know, even an empty
      # dynamic one. No ceiling: 6 works as well.
      version = ">= 5.79.0"
    }
  }
}

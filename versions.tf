terraform {
  # 1.3 brought optional() with defaults; 1.5 is where Terraform and OpenTofu still share their language.
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # 5.32 is the first to accept the runtime python3.12, the module's default. No ceiling: 6 works as well.
      version = ">= 5.32.0"
    }
  }
}

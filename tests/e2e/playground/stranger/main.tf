# What a stranger brings: a state in a bucket, a provider of their own that leads to an account, the module by its
# repository and by a path, several instances, a variable without a value, and no output.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }

  backend "s3" {
    bucket  = "a-state-of-theirs"
    key     = "tasks.tfstate"
    region  = "eu-central-1"
    profile = "production"
  }
}

provider "aws" {
  alias                    = "production"
  region                   = "eu-central-1"
  profile                  = "production"
  shared_credentials_files = ["${path.root}/credentials"]
  allowed_account_ids      = ["123456789012"]

  assume_role {
    role_arn = "arn:aws:iam::123456789012:role/deployer"
  }

  default_tags {
    tags = { Team = "words" }
  }
}

variable "team" {
  description = "Whose tasks they are."
  type        = string
}

locals {
  words = { package_file = "${path.root}/tasks.zip", handler = "tasks.handle", timeout = 20 }
}

module "words" {
  source    = "git::https://git.example.com/platform/terraform-aws-task-runner.git?ref=v0.1.0"
  providers = { aws = aws.production }

  name   = "${var.team}-words"
  api    = { authorization = "NONE" }
  worker = local.words
}

module "jobs" {
  source   = "../terraform-aws-task-runner"
  for_each = { letters = merge(local.words, { handler = "tasks.letters" }), demo = {} }

  providers = { aws = aws.production }

  name   = "${var.team}-${each.key}"
  worker = each.value
}

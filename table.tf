locals {
  record_ttl_seconds = var.table.record_ttl_days * 86400
}

resource "aws_dynamodb_table" "this" {
  # checkov:skip=CKV_AWS_28:It is on unless the caller turns it off; the scan cannot see the default of an attribute.
  # checkov:skip=CKV_AWS_119:DynamoDB has a key of its own, unless kms_key_arn names one, which costs money and can be lost.
  count = var.create ? 1 : 0

  name                        = local.names.table
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "taskId"
  deletion_protection_enabled = var.table.deletion_protection
  tags                        = var.tags

  attribute {
    name = "taskId"
    type = "S"
  }

  ttl {
    attribute_name = "expiration_time"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = var.table.point_in_time_recovery
  }

  dynamic "server_side_encryption" {
    for_each = var.kms_key_arn[*]

    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value
    }
  }

  lifecycle {
    precondition {
      # A message that comes back from the dead-letter queue must still find its record.
      condition = local.record_ttl_seconds > var.queue.retention_seconds + var.queue.dead_letter_retention_seconds
      error_message = join(" ", [
        "table.record_ttl_days must be longer than queue.retention_seconds and queue.dead_letter_retention_seconds",
        "together: a record has to outlive its message.",
      ])
    }
  }
}

locals {
  visibility_timeout = coalesce(var.queue.visibility_timeout, 6 * var.worker.timeout + var.worker.batching_window)

  queue_managed_sse = var.kms_key_arn == null ? true : null # one or the other

  queues = var.create ? {
    queue             = { arn = aws_sqs_queue.this[0].arn, url = aws_sqs_queue.this[0].url }
    dead_letter_queue = { arn = aws_sqs_queue.dead_letter[0].arn, url = aws_sqs_queue.dead_letter[0].url }
  } : {}
}

resource "aws_sqs_queue" "this" {
  count = var.create ? 1 : 0

  name                       = local.names.queue
  visibility_timeout_seconds = local.visibility_timeout
  message_retention_seconds  = var.queue.retention_seconds
  sqs_managed_sse_enabled    = local.queue_managed_sse
  kms_master_key_id          = var.kms_key_arn
  tags                       = var.tags

  lifecycle {
    precondition {
      condition = local.visibility_timeout >= var.worker.timeout
      error_message = join(" ", [
        "queue.visibility_timeout must be at least worker.timeout: a shorter one hands a task to a second worker while",
        "the first still runs it.",
      ])
    }
  }
}

resource "aws_sqs_queue" "dead_letter" {
  count = var.create ? 1 : 0

  name                      = local.names.dead_letter_queue
  message_retention_seconds = var.queue.dead_letter_retention_seconds
  sqs_managed_sse_enabled   = local.queue_managed_sse
  kms_master_key_id         = var.kms_key_arn
  tags                      = var.tags

  lifecycle {
    precondition {
      condition     = local.names.dead_letter_queue != local.names.queue
      error_message = "names.dead_letter_queue must differ from the name of the queue."
    }
  }
}

# The provider waits 25 seconds for each write to a queue. With all that joins the queues in resources of its own, both
# queues are made at once, then all of these at once.
resource "aws_sqs_queue_redrive_policy" "this" {
  count = var.create ? 1 : 0

  queue_url = aws_sqs_queue.this[0].url
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter[0].arn
    maxReceiveCount     = var.max_receive_count
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letter" {
  count = var.create ? 1 : 0

  queue_url = aws_sqs_queue.dead_letter[0].url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.this[0].arn]
  })
}

resource "aws_sqs_queue_policy" "tls_only" {
  for_each = local.queues

  queue_url = each.value.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RefusePlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = each.value.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

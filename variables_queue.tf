variable "queue" {
  description = <<-EOT
    The queue of wake-ups and its dead-letter queue.
    - `visibility_timeout`: seconds that a message stays hidden while a worker has it, at least `worker.timeout`, at
      most 43200. Default 6 x `worker.timeout` + `worker.batching_window`, as AWS advises.
    - `retention_seconds`: how long a task may wait for a worker, 60 to 1209600. Default 345600 (4 days).
    - `dead_letter_retention_seconds`: how long the message of a failed task is kept, at least `retention_seconds` (its
      age counts from the day it was first sent), at most 1209600. Default 1209600 (14 days).
  EOT
  type = object({
    visibility_timeout            = optional(number)
    retention_seconds             = optional(number, 345600)
    dead_letter_retention_seconds = optional(number, 1209600)
  })
  default  = {}
  nullable = false

  validation {
    condition = var.queue.visibility_timeout == null || try(alltrue([
      var.queue.visibility_timeout <= 43200,
      var.queue.visibility_timeout == floor(var.queue.visibility_timeout),
    ]), false)
    error_message = "queue.visibility_timeout must be a whole number of seconds, at most 43200 (12 hours)."
  }
  validation {
    condition = alltrue([
      var.queue.retention_seconds >= 60,
      var.queue.retention_seconds <= 1209600,
      var.queue.retention_seconds == floor(var.queue.retention_seconds),
    ])
    error_message = "queue.retention_seconds must be a whole number of seconds, 60 to 1209600 (14 days)."
  }
  validation {
    condition = alltrue([
      var.queue.dead_letter_retention_seconds >= var.queue.retention_seconds,
      var.queue.dead_letter_retention_seconds <= 1209600,
      var.queue.dead_letter_retention_seconds == floor(var.queue.dead_letter_retention_seconds),
    ])
    error_message = join(" ", [
      "queue.dead_letter_retention_seconds must be a whole number, from queue.retention_seconds to 1209600 (14 days).",
    ])
  }
}

variable "retry" {
  description = <<-EOT
    The wait before a failed task is tried again: it doubles with each attempt and carries jitter.
    - `base_seconds`: the wait after the first attempt, at least 1. Default 2.
    - `cap_seconds`: the longest wait, from `base_seconds` to 43200. Default 300.
  EOT
  type = object({
    base_seconds = optional(number, 2)
    cap_seconds  = optional(number, 300)
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      var.retry.base_seconds >= 1,
      var.retry.base_seconds == floor(var.retry.base_seconds),
    ])
    error_message = "retry.base_seconds must be a whole number of seconds, at least 1."
  }
  validation {
    condition = alltrue([
      var.retry.cap_seconds >= var.retry.base_seconds,
      var.retry.cap_seconds <= 43200,
      var.retry.cap_seconds == floor(var.retry.cap_seconds),
    ])
    error_message = "retry.cap_seconds must be a whole number of seconds, from retry.base_seconds to 43200 (12 hours)."
  }
}

variable "table" {
  description = <<-EOT
    The table of task records.
    - `record_ttl_days`: days that a record lives after its last change; longer than a message can live in the queue and
      the dead-letter queue together, at most 3650. Default 30.
    - `point_in_time_recovery`: whether the table can be restored to any second of the last 35 days. Default true.
    - `deletion_protection`: whether AWS refuses to delete the table. Default false.
  EOT
  type = object({
    record_ttl_days        = optional(number, 30)
    point_in_time_recovery = optional(bool, true)
    deletion_protection    = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      var.table.record_ttl_days >= 1,
      var.table.record_ttl_days <= 3650,
      var.table.record_ttl_days == floor(var.table.record_ttl_days),
    ])
    error_message = "table.record_ttl_days must be a whole number of days, 1 to 3650."
  }
}

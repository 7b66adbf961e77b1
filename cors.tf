# Scripts in browsers.
locals {
  # A gateway response can hold one origin only. With several it names whichever asks: its sentences are fixed and tell
  # no script of another origin anything.
  cors_origins = try(var.api.cors.allow_origins, [])
  cors_headers = length(local.cors_origins) == 0 ? {} : merge({
    "gatewayresponse.header.Access-Control-Allow-Origin"   = length(local.cors_origins) == 1 ? "'${local.cors_origins[0]}'" : "method.request.header.Origin"
    "gatewayresponse.header.Access-Control-Expose-Headers" = "'Retry-After'"
  }, length(local.cors_origins) == 1 ? {} : { "gatewayresponse.header.Vary" = "'Origin'" })
}

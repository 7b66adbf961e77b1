locals {
  # A browser sends no credentials with a preflight request. The function answers it, as it adds the headers to all else:
  # so one place knows them.
  routes = merge({
    submit                                   = { method = "POST", path = "/task", guarded = true, parameters = {} }
    get                                      = { method = "GET", path = "/task/{taskId}", guarded = true, parameters = { "method.request.path.taskId" = true } }
    }, { for key, path in { preflight_submit = "/task", preflight_get = "/task/{taskId}" } : key => {
      method                                 = "OPTIONS", path = path, guarded = false, parameters = {}
  } if var.api.cors != null })

  # What API Gateway answers itself, in the shape of all other errors. The sentences are fixed: its own would name ARNs.
  # A default has no status, so that each type it stands in for keeps its own.
  gateway_responses = {
    ACCESS_DENIED = { status = 403, code = "ACCESS_DENIED", error = "You may not call this API." }
    # The authorizer's own fault, not the caller's.
    AUTHORIZER_CONFIGURATION_ERROR = { status = 500, code = "AUTHORIZER_FAILED", error = "The request could not be authorized. Try again." }
    AUTHORIZER_FAILURE             = { status = 500, code = "AUTHORIZER_FAILED", error = "The request could not be authorized. Try again." }
    BAD_REQUEST_PARAMETERS         = { status = 400, code = "BAD_REQUEST", error = "The request lacks a parameter." }
    DEFAULT_4XX                    = { status = null, code = "BAD_REQUEST", error = "The request cannot be served." }
    DEFAULT_5XX                    = { status = null, code = "INTERNAL", error = "The request failed on our side. Try again." }
    EXPIRED_TOKEN                  = { status = 403, code = "EXPIRED_TOKEN", error = "The credentials of the request have expired." }
    INVALID_API_KEY                = { status = 403, code = "INVALID_API_KEY", error = "The request needs a valid API key." }
    INVALID_SIGNATURE              = { status = 403, code = "INVALID_SIGNATURE", error = "The signature of the request is not valid." }
    # Not 503, which promises that nothing was accepted: here nobody knows.
    INTEGRATION_FAILURE = { status = 504, code = "NO_ANSWER", error = "The request got no answer. It may have been accepted." }
    INTEGRATION_TIMEOUT = { status = 504, code = "TIMEOUT", error = "The request was not answered in time. It may have been accepted." }
    # An unknown path or method. With AWS_IAM it cannot be told from a request without a signature.
    MISSING_AUTHENTICATION_TOKEN = var.api.authorization == "AWS_IAM" ? {
      status = 403, code = "MISSING_AUTHENTICATION_TOKEN", error = "The request is not signed, or there is no such path or method."
      } : {
      status = 404, code = "NOT_FOUND", error = "No such path or method."
    }
    QUOTA_EXCEEDED         = { status = 429, code = "QUOTA_EXCEEDED", error = "The quota of this API key is used up." }
    REQUEST_TOO_LARGE      = { status = 413, code = "PAYLOAD_TOO_LARGE", error = "The request is too large." }
    RESOURCE_NOT_FOUND     = { status = 404, code = "NOT_FOUND", error = "No such path or method." }
    THROTTLED              = { status = 429, code = "THROTTLED", error = "Too many requests. Try again in a moment." }
    UNAUTHORIZED           = { status = 401, code = "UNAUTHORIZED", error = "The request needs a valid token." }
    UNSUPPORTED_MEDIA_TYPE = { status = 415, code = "UNSUPPORTED_MEDIA_TYPE", error = "The content type is not supported. Send JSON." }
    WAF_FILTERED           = { status = 403, code = "ACCESS_DENIED", error = "You may not call this API." }
  }
}

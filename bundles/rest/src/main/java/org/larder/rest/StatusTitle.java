package org.larder.rest;

/** The short text that belongs to a status of HTTP. */
final class StatusTitle {
  private StatusTitle() {}

  static String of(int status) {
    return switch (status) {
      case 400 -> "Bad request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not found";
      case 405 -> "Method not allowed";
      case 406 -> "Not acceptable";
      case 408 -> "Request timeout";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 412 -> "Precondition failed";
      case 413 -> "Content too large";
      case 414 -> "URI too long";
      case 415 -> "Unsupported media type";
      case 422 -> "Unprocessable content";
      case 429 -> "Too many requests";
      case 431 -> "Request header fields too large";
      case 500 -> "Internal server error";
      case 503 -> "Service unavailable";
      case 507 -> "Insufficient storage";
      default -> status < 500 ? "Client error" : "Server error";
    };
  }
}

package org.larder.rest.internal;

import org.larder.rest.Problem;
import org.larder.rest.ProblemException;

/** 404 for what operators ask for by name, saying where the names are. */
final class NotFound {
  private NotFound() {}

  static ProblemException follower(String name) {
    return named("follower", "FOLLOWER_NOT_FOUND", name);
  }

  static ProblemException collection(String name) {
    return named("collection", "COLLECTION_NOT_FOUND", name);
  }

  private static ProblemException named(String kind, String code, String name) {
    String detail =
        "There is no " + kind + " '" + name + "'; GET /api/v1/admin/" + kind + "s lists them";
    return Problem.of(404, code, detail).with(kind, name).exception();
  }

  static ProblemException deadLetter(String follower, String sequence) {
    return Problem.of(
            404,
            "DEAD_LETTER_NOT_FOUND",
            "Follower '"
                + follower
                + "' has no dead letter '"
                + sequence
                + "'; GET /api/v1/admin/dead-letters lists them")
        .with("follower", follower)
        .with("sequence", sequence)
        .exception();
  }
}

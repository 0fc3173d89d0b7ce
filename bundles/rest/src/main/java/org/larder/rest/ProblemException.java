package org.larder.rest;

/**
 * Ends a request with a {@link Problem}. It carries no stack trace: it tells a client about its
 * request, not a programmer about the code.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /** Ends a request with that problem. */
  public ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** The problem. */
  public Problem problem() {
    return problem;
  }
}

package org.larder.buffer.internal;

/** How far a store is filled with one collection. For the follower's thread. */
final class Filling {
  final String collection;

  /** Null when all is copied, and only to be made durable. */
  String afterKey;

  /** When all was copied: the store has all of it when it is as far as the primary was then. */
  long until;

  long notedNanos;

  /** True if the store had nothing of the collection when its filling began. */
  boolean blank;

  Obstacle obstacle = Obstacle.NONE;

  Filling(String collection, String afterKey, long notedNanos) {
    this.collection = collection;
    this.afterKey = afterKey;
    this.notedNanos = notedNanos;
  }

  /**
   * What keeps a filling from going on.
   *
   * @param code for programs; empty if nothing does
   * @param message for a person to see to
   */
  record Obstacle(String code, String message) {
    static final Obstacle NONE = new Obstacle("", "");
  }
}

package org.larder.buffer;

/** Why a record is deleted: an archive may keep what only has become too old. */
public enum DeleteOrigin {
  /** Somebody wants it gone. */
  USER,
  /** It is older than its retention allows, or the room is needed. */
  RETENTION
}

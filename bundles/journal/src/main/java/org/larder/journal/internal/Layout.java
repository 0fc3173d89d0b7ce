package org.larder.journal.internal;

import java.nio.file.Path;
import java.util.OptionalLong;

/** Sizes, marks and names of the format; docs/journal-format.md says what they mean. */
public final class Layout {
  /** What a disk writes whole: a group starts at one, so nothing forced is ever written again. */
  public static final int SECTOR_BYTES = 512;

  /** The header of a segment; the first group starts behind it. */
  public static final int SEGMENT_HEADER_BYTES = 4096;

  /** The header of a group. */
  public static final int GROUP_HEADER_BYTES = 64;

  /** The header of a frame. */
  public static final int FRAME_HEADER_BYTES = 48;

  static final long SEGMENT_MAGIC = 0x4C41524445525347L; // LARDERSG
  static final int GROUP_MAGIC = 0x4C475250; // LGRP
  static final int FRAME_MAGIC = 0x4C46524D; // LFRM
  static final int FORMAT = 1;
  static final int FRAME_ALIGNMENT = 8;

  /** Suffix of files that are being made; deleted at an opening. */
  static final String UNFINISHED = ".new";

  private static final String SEGMENT_SUFFIX = ".segment";

  private Layout() {}

  /** The next multiple of a sector. */
  public static long sectorAligned(long offset) {
    return (offset + SECTOR_BYTES - 1) & -SECTOR_BYTES;
  }

  /** Bytes of a frame in a file. */
  public static long frameBytes(int payloadLength) {
    return FRAME_HEADER_BYTES + (((long) payloadLength + FRAME_ALIGNMENT - 1) & -FRAME_ALIGNMENT);
  }

  /** The most a frame can take: a group, and so sectors, of its own. */
  static long costOfFrame(int payloadLength) {
    return sectorAligned(GROUP_HEADER_BYTES + frameBytes(payloadLength));
  }

  /** The largest payload that fits in a segment and a group. */
  public static int maxPayloadBytes(long segmentBytes, int groupBytes) {
    long room = Math.min(segmentBytes - SEGMENT_HEADER_BYTES, groupBytes);
    return (int) (room - GROUP_HEADER_BYTES - FRAME_HEADER_BYTES);
  }

  /** Name of a segment's file. */
  public static String segmentName(long number) {
    return String.format("%016d%s", number, SEGMENT_SUFFIX);
  }

  /** The number in the name of a segment's file; empty when it is another file. */
  public static OptionalLong segmentNumber(Path file) {
    String name = file.getFileName().toString();
    if (!name.matches("\\d{16}\\.segment")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(name.substring(0, 16)));
  }
}

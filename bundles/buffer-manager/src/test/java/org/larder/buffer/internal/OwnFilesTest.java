package org.larder.buffer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import org.larder.buffer.BufferException;
import org.larder.buffer.BufferException.Reason;

/** Clients learn what became of an order, and no path. */
class OwnFilesTest {
  private static BufferException refused(String reason) {
    return OwnFiles.refused(
        "nothing was changed", new FileSystemException("/data/buffer/coverage.new", null, reason));
  }

  @Test
  void aFullDiskIsTold() {
    BufferException full = refused("No space left on device");
    assertThat(full.reason()).isEqualTo(Reason.DISK_FULL);
    assertThat(full).hasMessage("The disk is full; nothing was changed");
  }

  @Test
  void noPathIsTold() {
    BufferException failed = refused("Input/output error");
    assertThat(failed.reason()).isEqualTo(Reason.NODE_DISK_FAILED);
    assertThat(failed.getMessage()).contains("nothing was changed", "log").doesNotContain("/");
  }
}

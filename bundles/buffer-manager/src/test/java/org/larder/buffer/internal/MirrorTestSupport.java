package org.larder.buffer.internal;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.larder.storage.spi.Capability;

/** A primary and a backend that may be its mirror. */
@Timeout(60)
abstract class MirrorTestSupport {
  @TempDir Path data;
  final FakeStore store = new FakeStore();
  final FakeStore copy = new FakeStore();
  final FakeBackend main = new FakeBackend(store);
  final FakeBackend mirror = new FakeBackend("copy", copy, Capability.INSERT_IF_ABSENT);
}

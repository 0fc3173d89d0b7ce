package org.larder.tck;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.larder.storage.blob.BlobStore;

/** What is wrong with a store of objects is found by the tests about just that. */
class BlobKitBitesTest {
  @TempDir private Path folder;

  static final class FlawedBlobs extends BlobContract {
    private final MemoryBlobStore.Memory memory = new MemoryBlobStore.Memory();

    @Override
    protected BlobStore open() {
      return new MemoryBlobStore(memory, FlawedKit.flaw(BlobFlaw.class));
    }

    @Override
    protected void close(BlobStore store) {}
  }

  @ParameterizedTest
  @EnumSource
  void kitFindsJustTheFlaw(BlobFlaw flaw) throws IOException {
    new FlawedKit(folder).failsJust(FlawedBlobs.class, flaw, flaw.tests());
  }
}

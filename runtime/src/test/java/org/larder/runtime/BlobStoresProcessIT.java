package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.larder.runtime.visitor.BlobVisitor;

/** The stores of objects as the node's configuration makes them, used by a plugin of the node. */
class BlobStoresProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String VARIABLES = "LARDER__LARDER_BLOBS_S3_ARCHIVE__";
  private static final String CONFIGURED = "larder.blobs.s3-archive.cfg";

  @TempDir Path folder;

  @Test
  void configuredStoresAreServicesThatKeepObjects() throws Exception {
    Path data = folder.resolve("data");
    Path plugin = drop();
    try (S3Process server = S3Process.over(folder.resolve("s3"));
        NodeProcess node = new NodeProcess(data, S3Process.environment(VARIABLES))) {
      node.start();
      // The store in a folder is in the shipped configuration.
      awaitNote(node, data, "main", BlobVisitor.GOOD);
      assertThat(data.resolve("blobs").resolve(BlobVisitor.OBJECT)).hasSize(BlobVisitor.LENGTH);

      Path configured = configure(data.resolve("config"), server);
      awaitNote(node, data, "archive", BlobVisitor.GOOD);
      assertThat(server.bucket().resolve("larder-blobs").resolve(BlobVisitor.OBJECT))
          .hasSize(BlobVisitor.LENGTH);

      Files.delete(configured);
      awaitNote(node, data, "archive", BlobVisitor.GONE);
      node.terminate();
      assertThat(node.waitForEnd(PATIENCE).output()).doesNotContain(S3Process.SECRET);
    } finally {
      Files.delete(plugin);
    }
  }

  private static Path drop() throws IOException {
    byte[] jar =
        PluginJar.of(
            "blob-visitor",
            Map.of(
                "Bundle-Activator",
                BlobVisitor.class.getName(),
                "Import-Package",
                "org.osgi.framework,org.osgi.util.tracker,org.larder.storage.blob"),
            BlobVisitor.class);
    return PluginJar.drop(jar, Distribution.underTest().home().resolve("plugins"), "blob-visitor");
  }

  /** Makes the sample a configuration, at once, as the node watches the folder. */
  private static Path configure(Path config, S3Process server) throws IOException {
    Path half = config.resolve(CONFIGURED + ".half");
    Files.writeString(half, server.configured(config.resolve(CONFIGURED + ".sample")));
    return Files.move(half, config.resolve(CONFIGURED));
  }

  private static void awaitNote(NodeProcess node, Path data, String store, String text) {
    Path note = data.resolve(BlobVisitor.NOTES).resolve(store);
    boolean noted =
        Waiting.until(PATIENCE, () -> Files.exists(note) && Files.readString(note).equals(text));
    assertThat(noted).as(() -> store + " is not " + text + ":\n" + node.output()).isTrue();
  }
}

package org.larder.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

class BundleListIT {
  private final Distribution distribution = Distribution.underTest();

  @Test
  void everyJarIsListedAndEveryListedJarIsThere() {
    List<String> listed =
        distribution.bundles().stream()
            .map(Distribution.Entry::url)
            .map(url -> Path.of(url.replace("reference:file:", "")).getFileName().toString())
            .sorted()
            .toList();
    List<String> there =
        distribution.jars("bundle").stream().map(jar -> jar.getFileName().toString()).toList();
    assertThat(there).containsExactlyInAnyOrderElementsOf(listed);
  }

  @Test
  void nothingIsListedTwice() {
    assertThat(distribution.bundles()).extracting(Distribution.Entry::url).doesNotHaveDuplicates();
  }

  @Test
  void pluginsExportNothing() throws IOException {
    List<Path> plugins = distribution.jars("plugins");
    assertThat(plugins).isNotEmpty();
    for (Path plugin : plugins) {
      try (JarFile jar = new JarFile(plugin.toFile())) {
        assertThat(jar.getManifest().getMainAttributes().getValue("Export-Package"))
            .as(plugin.toString())
            .isNull();
      }
    }
  }
}

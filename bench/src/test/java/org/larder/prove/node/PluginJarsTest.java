package org.larder.prove.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginJarsTest {
  private static final String NAME = "org.larder.storage-any";

  @TempDir private Path distribution;

  private Path jar;

  @BeforeEach
  void writePlugin() throws IOException {
    jar = Files.createDirectory(distribution.resolve("plugins")).resolve("any.jar");
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-SymbolicName", NAME);
    attributes.putValue("Bundle-Version", "1.0.0");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.putNextEntry(new JarEntry("any/content"));
      out.write("the same".getBytes(StandardCharsets.UTF_8));
      out.closeEntry();
    }
  }

  @Test
  void newerVersionDiffersInItsVersionOnly() throws IOException {
    PluginJars jars = new PluginJars(distribution, NAME);
    jars.replace("2.0.0");
    assertThat(jars.version()).isEqualTo("2.0.0");
    try (JarFile newer = new JarFile(jar.toFile())) {
      assertThat(newer.getInputStream(newer.getEntry("any/content"))).hasContent("the same");
      assertThat(newer.getManifest().getMainAttributes().getValue("Bundle-SymbolicName"))
          .isEqualTo(NAME);
    }
    assertThat(distribution.resolve("plugins")).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void versionBesideIsTheCurrentOneFromThenOn() throws IOException {
    PluginJars jars = new PluginJars(distribution, NAME);
    assertThat(jars.putBeside("2.0.0")).isEqualTo(jar);
    assertThat(jars.version()).isEqualTo("2.0.0");
    assertThat(jar).exists();
  }

  @Test
  void jarThatIsTakenAwayComesBack() throws IOException {
    PluginJars jars = new PluginJars(distribution, NAME);
    jars.takeAway();
    assertThat(distribution.resolve("plugins")).isDirectoryNotContaining("glob:**.jar");
    jars.putBack();
    assertThat(jar).exists();
  }

  @Test
  void missingPluginIsNamed() {
    assertThatThrownBy(() -> new PluginJars(distribution, "org.larder.storage-none"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("org.larder.storage-none");
  }
}

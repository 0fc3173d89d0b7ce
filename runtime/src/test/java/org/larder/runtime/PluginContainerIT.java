package org.larder.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleWiring;

@RunWith(PaxExam.class)
public class PluginContainerIT extends ContainerTestSupport {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String SPI = "org.larder.storage.spi";

  @Test
  public void pluginThatExportsThePlatformsPackagesIsNeverResolved() throws Exception {
    byte[] impostor =
        PluginJar.of("impostor", Map.of("Export-Package", "fine.too," + SPI + ";version=99"));
    Path plugins = Path.of(context().getProperty("larder.home"), "plugins");
    Path jar = PluginJar.drop(impostor, plugins, "impostor");
    try {
      assertTrue(Waiting.until(PATIENCE, () -> named("impostor").findAny().isPresent()));
      Bundle dropped = installed("impostor");
      assertFails(dropped::start);
      assertEquals(Bundle.INSTALLED, dropped.getState());
      Bundle misled = install("misled", Map.of("Import-Package", SPI + ";version=99"));
      assertFails(misled::start);
      Bundle other = install("other", Map.of("Import-Package", "fine.too"));
      assertFails(other::start);
      misled.uninstall();
      other.uninstall();
    } finally {
      Files.delete(jar);
    }
    assertTrue(Waiting.until(PATIENCE, () -> named("impostor").findAny().isEmpty()));
  }

  @Test
  public void importsAreWiredToThePlatformBesideAnImpostor() throws Exception {
    Bundle impostor = install("sneaky", Map.of("Export-Package", SPI + ";version=1.9"));
    Bundle honest = install("honest", Map.of("Import-Package", SPI + ";version=\"[0,2)\""));
    honest.start();
    BundleWiring wiring = honest.adapt(BundleWiring.class);
    assertEquals(
        "org.larder.storage-api",
        wiring.getRequiredWires("osgi.wiring.package").get(0).getProvider().getSymbolicName());
    honest.uninstall();
    impostor.uninstall();
  }

  @Test
  public void pluginThatBecomesAnImpostorIsRefusedAndCured() throws Exception {
    Bundle plugin = install("changing", Map.of());
    plugin.start();
    assertEquals(Bundle.ACTIVE, plugin.getState());
    byte[] impostor = PluginJar.of("changing", Map.of("Export-Package", "org.larder"));
    assertFails(() -> update(plugin, impostor));
    assertEquals(Bundle.INSTALLED, plugin.getState());
    update(plugin, PluginJar.of("changing", Map.of("Export-Package", "org.larderlike")));
    plugin.start();
    assertEquals(Bundle.ACTIVE, plugin.getState());
    plugin.uninstall();
  }

  private interface Change {
    void make() throws BundleException;
  }

  /** JUnit's own would need a package that its bundle does not export. */
  private static void assertFails(Change change) {
    try {
      change.make();
    } catch (BundleException e) {
      return;
    }
    throw new AssertionError("Not refused");
  }

  private static void update(Bundle bundle, byte[] jar) throws BundleException {
    bundle.update(new ByteArrayInputStream(jar));
  }

  private static Bundle install(String name, Map<String, String> headers)
      throws BundleException, IOException {
    return context()
        .installBundle("test:" + name, new ByteArrayInputStream(PluginJar.of(name, headers)));
  }

  private static Stream<Bundle> named(String symbolicName) {
    return Stream.of(context().getBundles())
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()));
  }
}

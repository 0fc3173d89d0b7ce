package org.larder.node.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hashtable is the only Dictionary that the JDK has. */
@SuppressWarnings("JdkObsolete")
class EnvironmentOverridesTest {
  private static final NodeSettings SETTINGS =
      new NodeSettings(Path.of("data"), Path.of("config"), "127.0.0.1", 8001);

  private static Dictionary<String, Object> modified(
      Map<String, String> environment, Map<String, Object> configuration) {
    Dictionary<String, Object> properties = new Hashtable<>(configuration);
    new EnvironmentOverrides(environment, SETTINGS).modifyConfiguration(null, properties);
    return properties;
  }

  @Test
  void environmentWinsOverTheFile() {
    assertThat(
            modified(
                    Map.of("LARDER__LARDER_BUFFER__MAX_JOURNAL_MB", "64"),
                    Map.of("service.pid", "larder.buffer", "max_journal_mb", "1024"))
                .get("max_journal_mb"))
        .isEqualTo("64");
  }

  @Test
  void keyThatTheFileLeavesOutIsAdded() {
    assertThat(
            modified(
                    Map.of("LARDER__LARDER_BUFFER__PRIMARY", "other"),
                    Map.of("service.pid", "larder.buffer"))
                .get("primary"))
        .isEqualTo("other");
  }

  @Test
  void keyWithDotsKeepsItsSpelling() {
    Dictionary<String, Object> properties =
        modified(
            Map.of("LARDER__REST_MAIN__JERSEY_CONTEXT_PATH", "/x"),
            Map.of("service.pid", "rest~main", "jersey.context.path", "/"));
    assertThat(properties.get("jersey.context.path")).isEqualTo("/x");
    assertThat(properties.size()).isEqualTo(2);
  }

  @Test
  void otherConfigurationsAreLeftAlone() {
    assertThat(
            modified(
                Map.of("LARDER__LARDER_BUFFER__PRIMARY", "other"),
                Map.of("service.pid", "larder.security")))
        .isEqualTo(new Hashtable<>(Map.of("service.pid", "larder.security")));
  }

  @Test
  void noFileMovesTheListenerToAnAddressThatWasNotChecked() {
    assertThat(
            modified(
                    Map.of("LARDER__ORG_APACHE_FELIX_HTTP__ORG_APACHE_FELIX_HTTP_HOST", "0.0.0.0"),
                    Map.of(
                        "service.pid",
                        "org.apache.felix.http",
                        "org.apache.felix.http.host",
                        "0.0.0.0"))
                .get("org.apache.felix.http.host"))
        .isEqualTo("127.0.0.1");
  }
}

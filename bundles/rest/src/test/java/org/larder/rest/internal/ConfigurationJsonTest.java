package org.larder.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.larder.rest.Json;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class ConfigurationJsonTest {
  private static Dictionary<String, Object> dictionary(Map<String, Object> values) {
    return FrameworkUtil.asDictionary(values);
  }

  private static <T> T fake(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.get(method.getName())));
  }

  private static JsonNode shown(Map<String, Object> written, Map<String, Object> inEffect)
      throws IOException {
    Configuration configuration =
        fake(
            Configuration.class,
            Map.of(
                "getPid", "larder.http",
                "getProperties", dictionary(written),
                "getProcessedProperties", dictionary(inEffect)));
    ConfigurationAdmin admin =
        fake(
            ConfigurationAdmin.class,
            Map.of("listConfigurations", new Configuration[] {configuration}));
    ConfigurationJson json =
        new ConfigurationJson(() -> admin, new PasswordTypes(null, () -> null));
    return new JsonMapper().readTree(Json.bytes(json.body())).at("/configurations/0/properties");
  }

  @Test
  void valuesAreThoseInEffectAndNotThoseOfTheFile() throws IOException {
    JsonNode shown = shown(Map.of("port", "$[env:PORT;default=8080]"), Map.of("port", "9090"));
    assertThat(shown.get("port").asText()).isEqualTo("9090");
  }

  @Test
  void secretsStayMaskedOnceTheyAreFilledIn() throws IOException {
    JsonNode shown =
        shown(
            Map.of(
                "db_password", "$[env:PASSWORD]",
                "greeting", "$[secret:greeting]",
                "urls", new String[] {"a", "$[secret:url]"}),
            Map.of(
                "db_password", "hush",
                "greeting", "hush",
                "urls", new String[] {"a", "hush"},
                "address", "jdbc:x://user:hush@host/db"));
    assertThat(shown.toString()).doesNotContain("hush");
    assertThat(shown.get("address").asText()).contains("host/db");
  }
}

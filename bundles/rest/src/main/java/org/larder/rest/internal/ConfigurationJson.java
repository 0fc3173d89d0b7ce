package org.larder.rest.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Dictionary;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.larder.rest.JsonBody;
import org.larder.rest.Problem;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The node's configurations as they are in effect, secrets masked. Free for any thread. */
final class ConfigurationJson {
  /** Who wrote it and where it came from is no setting. */
  private static final Set<String> HIDDEN =
      Set.of(
          "felix.fileinstall.filename",
          "service.pid",
          "service.factoryPid",
          "service.bundleLocation");

  /** What a file writes for a value that lies in a secrets folder. */
  private static final String SECRET_REFERENCE = "$[secret:";

  private final Supplier<ConfigurationAdmin> admin;
  private final PasswordTypes passwords;

  ConfigurationJson(Supplier<ConfigurationAdmin> admin, PasswordTypes passwords) {
    this.admin = admin;
    this.passwords = passwords;
  }

  JsonBody body() {
    List<Configuration> configurations = configurations();
    return json -> {
      json.writeStartObject();
      json.writeNumberField("count", configurations.size());
      json.writeArrayFieldStart("configurations");
      for (Configuration configuration : configurations) {
        write(configuration, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    };
  }

  private List<Configuration> configurations() {
    ConfigurationAdmin service = admin.get();
    if (service == null) {
      throw Problem.of(503, "NOT_READY", "The configuration service is not there")
          .withHeader("Retry-After", "1")
          .exception();
    }
    try {
      Configuration[] found = service.listConfigurations(null);
      return found == null
          ? List.of()
          : Arrays.stream(found).sorted(Comparator.comparing(Configuration::getPid)).toList();
    } catch (IOException | InvalidSyntaxException e) {
      throw new IllegalStateException("The configurations cannot be listed", e);
    }
  }

  private void write(Configuration configuration, JsonGenerator json) throws IOException {
    String type =
        configuration.getFactoryPid() == null
            ? configuration.getPid()
            : configuration.getFactoryPid();
    Set<String> secret = passwords.of(type);
    json.writeStartObject();
    json.writeStringField("pid", configuration.getPid());
    json.writeObjectFieldStart("properties");
    Dictionary<String, Object> written = configuration.getProperties();
    Dictionary<String, Object> properties = configuration.getProcessedProperties(null);
    if (properties != null) {
      for (String name : new TreeSet<>(Collections.list(properties.keys()))) {
        if (!HIDDEN.contains(name)) {
          json.writeFieldName(name);
          boolean masked =
              Secrets.isSecret(name) || secret.contains(name) || refersToSecret(written, name);
          value(masked ? Secrets.MASK : properties.get(name), json);
        }
      }
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static boolean refersToSecret(Dictionary<String, Object> written, String name) {
    Object value = written == null ? null : written.get(name);
    String text = value instanceof Object[] many ? Arrays.toString(many) : String.valueOf(value);
    return text.contains(SECRET_REFERENCE);
  }

  private static void value(Object value, JsonGenerator json) throws IOException {
    if (value instanceof Collection<?> collection) {
      json.writeStartArray();
      for (Object element : collection) {
        value(element, json);
      }
      json.writeEndArray();
    } else if (value != null && value.getClass().isArray()) {
      json.writeStartArray();
      for (int i = 0; i < Array.getLength(value); i++) {
        value(Array.get(value, i), json);
      }
      json.writeEndArray();
    } else if (value instanceof Number || value instanceof Boolean) {
      json.writeObject(value);
    } else {
      json.writeString(value == null ? null : Secrets.maskAddress(value.toString()));
    }
  }
}

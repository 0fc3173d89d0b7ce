package org.larder.rest.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.jakartars.runtime.JakartarsServiceRuntime;
import org.osgi.service.jakartars.runtime.dto.ApplicationDTO;
import org.osgi.service.jakartars.runtime.dto.RuntimeDTO;

/**
 * Knows which REST applications have to be there, and whether they are. The whiteboard's thread
 * tells of changes; requests read from any thread.
 */
@Component(service = ExpectedResources.class, configurationPid = RestSettings.PID, immediate = true)
public final class ExpectedResources {
  private final Object lock = new Object();
  private final Map<String, String> bases = new HashMap<>();
  private List<String> expected = List.of();
  private RuntimeDTO runtime;

  /** Applications that are expected and not there; null as long as that is true of all. */
  private volatile TreeSet<String> missing = new TreeSet<>(List.of("?"));

  @Activate
  @Modified
  void configure(RestSettings settings) {
    synchronized (lock) {
      expected =
          Arrays.stream(settings.expected())
              .flatMap(names -> Arrays.stream(names.split(",")))
              .map(String::strip)
              .filter(name -> !name.isEmpty())
              .toList();
      compare();
    }
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      updated = "update")
  void bind(JakartarsServiceRuntime whiteboard) {
    update(whiteboard);
  }

  void update(JakartarsServiceRuntime whiteboard) {
    synchronized (lock) {
      runtime = whiteboard.getRuntimeDTO();
      compare();
    }
  }

  void unbind(JakartarsServiceRuntime whiteboard) {
    synchronized (lock) {
      runtime = null;
      compare();
    }
  }

  private void compare() {
    TreeSet<String> absent = new TreeSet<>(expected);
    if (runtime != null && runtime.applicationDTOs != null) {
      for (ApplicationDTO application : runtime.applicationDTOs) {
        if (absent.remove(application.name)) {
          bases.put(application.name, application.base);
        }
      }
    }
    missing = absent;
  }

  /** True if everything that is expected is there. */
  boolean complete() {
    return missing.isEmpty();
  }

  /** The names of what is expected and not there. */
  List<String> missing() {
    return List.copyOf(missing);
  }

  /** True if this path may belong to an application that is expected and not there. */
  boolean awaits(String path) {
    TreeSet<String> absent = missing;
    if (absent.isEmpty()) {
      return false;
    }
    synchronized (lock) {
      for (String name : absent) {
        String base = bases.get(name);
        if (base == null || path.startsWith(base)) {
          return true;
        }
      }
      return false;
    }
  }
}

package org.larder.node.reload;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a REST application as the whiteboard sees it now with the one that it runs. Called by
 * the whiteboard's only thread; there is no state.
 */
public final class ApplicationChange {
  private static final Logger log = LoggerFactory.getLogger("org.larder.node");
  private static final String PROPERTIES = "osgi.jakartars.application.serviceProperties";

  private ApplicationChange() {}

  /**
   * Says whether an application has to be reloaded: it is another service object, or has other
   * properties, or other resources and extensions are added to it.
   *
   * @param provider the whiteboard's {@code JerseyApplicationProvider}, as things are now
   * @param running what runs: its {@code JerseyApplication}, or Jersey's configuration around it
   * @return true as well if these objects are others than expected, which is logged
   */
  public static boolean isThere(Object provider, Object running) {
    try {
      Object application = unwrapped(running);
      return ask(application, "getSourceApplication") != ask(provider, "getProviderObject")
          || !properties(provider).equals(runningProperties(application))
          || !described((Collection<?>) read(provider, "providers"))
              .equals(described(((Map<?, ?>) read(application, "contentProviders")).values()));
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.warn("A REST application is reloaded: it cannot be told whether it changed", e);
      return true;
    }
  }

  private static Object unwrapped(Object running) throws ReflectiveOperationException {
    Object application = running;
    while (application.getClass().getName().startsWith("org.glassfish.jersey.server.")) {
      Object inner = ask(application, "getApplication");
      if (inner == application) {
        break;
      }
      application = inner;
    }
    return application;
  }

  private static Object runningProperties(Object application) throws ReflectiveOperationException {
    return ((Map<?, ?>) ask(application, "getProperties")).get(PROPERTIES);
  }

  /** What was added, in the order of the services' numbers. */
  private static List<String> described(Collection<?> added) throws ReflectiveOperationException {
    List<String> descriptions = new ArrayList<>();
    for (Object each : added) {
      Map<?, ?> properties = properties(each);
      descriptions.add(
          properties.get("service.id") + " " + ask(each, "getId") + " " + ask(each, "getName"));
    }
    descriptions.sort(null);
    return descriptions;
  }

  private static Map<?, ?> properties(Object provider) throws ReflectiveOperationException {
    return (Map<?, ?>) ask(provider, "getProviderProperties");
  }

  private static Object ask(Object owner, String method) throws ReflectiveOperationException {
    Method found = owner.getClass().getMethod(method);
    found.setAccessible(true);
    return found.invoke(owner);
  }

  private static Object read(Object owner, String name) throws ReflectiveOperationException {
    for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return field.get(owner);
        }
      }
    }
    throw new NoSuchFieldException(name + " of " + owner.getClass());
  }
}

package org.larder.buffer.internal;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** Looks whether one object can be reached from another, through the buffer's own objects. */
final class Reachability {
  private Reachability() {}

  /** The path of fields, if there is one. */
  static Optional<String> reaches(Object from, Object target) {
    Map<Object, String> paths = Collections.synchronizedMap(new IdentityHashMap<>());
    ArrayDeque<Object> queue = new ArrayDeque<>();
    queue.add(from);
    paths.put(from, from.getClass().getSimpleName());
    while (!queue.isEmpty()) {
      Object object = queue.poll();
      String path = paths.get(object);
      if (object == target) {
        return Optional.of(path);
      }
      if (object instanceof Collection<?> items) {
        items.forEach(item -> enqueue(item, path + "[]", paths, queue));
      } else if (object instanceof Map<?, ?> map) {
        map.keySet().forEach(item -> enqueue(item, path + ".keys", paths, queue));
        map.values().forEach(item -> enqueue(item, path + ".values", paths, queue));
      } else if (object.getClass().isArray() && !object.getClass().componentType().isPrimitive()) {
        for (int i = 0; i < Array.getLength(object); i++) {
          enqueue(Array.get(object, i), path + "[]", paths, queue);
        }
      } else if (object.getClass().getName().startsWith("org.larder.buffer")) {
        fields(object, path, paths, queue);
      }
    }
    return Optional.empty();
  }

  private static void fields(
      Object object, String path, Map<Object, String> paths, ArrayDeque<Object> queue) {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      if (!type.getName().startsWith("org.larder.buffer")) {
        return;
      }
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          try {
            enqueue(field.get(object), path + "." + field.getName(), paths, queue);
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
  }

  private static void enqueue(
      Object object, String path, Map<Object, String> paths, ArrayDeque<Object> queue) {
    if (object != null && paths.putIfAbsent(object, path) == null) {
      queue.add(object);
    }
  }
}

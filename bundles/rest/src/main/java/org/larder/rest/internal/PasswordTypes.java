package org.larder.rest.internal;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/** Tells which properties a bundle's metatype declares to be passwords. Free for any thread. */
final class PasswordTypes {
  private final BundleContext context;
  private final Supplier<MetaTypeService> service;

  PasswordTypes(BundleContext context, Supplier<MetaTypeService> service) {
    this.context = context;
    this.service = service;
  }

  /** The password properties of a PID; none if nobody describes it. */
  Set<String> of(String pid) {
    Set<String> names = new HashSet<>();
    MetaTypeService metatype = service.get();
    if (metatype == null) {
      return names;
    }
    for (Bundle bundle : context.getBundles()) {
      MetaTypeInformation information = metatype.getMetaTypeInformation(bundle);
      if (information != null && describes(information, pid)) {
        ObjectClassDefinition type = information.getObjectClassDefinition(pid, null);
        for (AttributeDefinition attribute :
            type.getAttributeDefinitions(ObjectClassDefinition.ALL)) {
          if (attribute.getType() == AttributeDefinition.PASSWORD) {
            names.add(attribute.getID());
          }
        }
      }
    }
    return names;
  }

  private static boolean describes(MetaTypeInformation information, String pid) {
    return Arrays.asList(information.getPids()).contains(pid)
        || Arrays.asList(information.getFactoryPids()).contains(pid);
  }
}

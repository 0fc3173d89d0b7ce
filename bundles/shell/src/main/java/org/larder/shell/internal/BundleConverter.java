package org.larder.shell.internal;

import org.apache.felix.service.command.Converter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Lets {@code felix:stop}, {@code felix:update} and their like take a bundle's number or symbolic
 * name. Gogo itself brings this with the interactive shell only, which most nodes never start. For
 * the threads of any number of shells.
 */
@Component(service = Converter.class, property = "osgi.converter.classes=org.osgi.framework.Bundle")
public final class BundleConverter implements Converter {
  private final BundleContext context;

  /** Looks bundles up through that context. */
  @Activate
  public BundleConverter(BundleContext context) {
    this.context = context;
  }

  @Override
  public Object convert(Class<?> desiredType, Object in) {
    if (desiredType != Bundle.class) {
      return null; // Another converter's.
    }
    String text = in.toString();
    if (text.matches("\\d{1,18}")) {
      return context.getBundle(Long.parseLong(text));
    }
    for (Bundle bundle : context.getBundles()) {
      if (text.equals(bundle.getSymbolicName())) {
        return bundle;
      }
    }
    return null;
  }

  @Override
  public CharSequence format(Object target, int level, Converter escape) {
    return null; // As everything else is shown.
  }
}

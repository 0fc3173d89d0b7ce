package org.larder.rest.internal;

import jakarta.ws.rs.core.Application;
import java.util.List;
import org.apache.felix.hc.api.HealthCheck;
import org.larder.buffer.BufferControl;
import org.larder.buffer.MetricSource;
import org.larder.rest.LongCalls;
import org.larder.rest.OpenApiFragment;
import org.larder.rest.RestApplication;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsApplicationBase;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsName;
import org.osgi.service.metatype.MetaTypeService;

/**
 * The system's own endpoints, in the place of the whiteboard's default application: so every path
 * that nobody serves ends here as well. The services that come and go are read from volatile fields
 * by each request.
 */
@Component(service = Application.class)
@JakartarsName(".default")
@JakartarsApplicationBase("/")
public final class SystemApplication extends RestApplication {
  private final LongCalls calls;

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      fieldOption = FieldOption.REPLACE)
  private volatile List<MetricSource> metrics = List.of();

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      fieldOption = FieldOption.REPLACE)
  private volatile List<OpenApiFragment> fragments = List.of();

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      fieldOption = FieldOption.REPLACE,
      target = "(hc.tags=ready)")
  private volatile List<HealthCheck> checks = List.of();

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile ConfigurationAdmin configuration;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile MetaTypeService metatype;

  /** Serves the system's endpoints. */
  @Activate
  public SystemApplication(BundleContext context, @Reference BufferControl buffer) {
    this(context, buffer, new LongCalls("larder-admin", 2));
  }

  private SystemApplication(BundleContext context, BufferControl buffer, LongCalls calls) {
    this.calls = calls;
    serve(
        new HealthResource(buffer, () -> checks),
        new AdminResource(buffer, calls),
        new DeadLetterResource(buffer, calls),
        new RouteResource(buffer, calls),
        new MigrationResource(buffer, calls),
        new ReceiptResource(buffer),
        new SystemResource(
            new MetricsText(() -> metrics),
            new ConfigurationJson(() -> configuration, new PasswordTypes(context, () -> metatype)),
            new OpenApiDocument(() -> fragments, NodeVersion.get())));
  }

  @Deactivate
  void close() {
    calls.close();
  }
}

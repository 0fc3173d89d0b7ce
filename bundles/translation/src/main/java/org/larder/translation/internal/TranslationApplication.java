package org.larder.translation.internal;

import jakarta.ws.rs.core.Application;
import org.larder.buffer.BufferControl;
import org.larder.buffer.Intake;
import org.larder.buffer.RecordReader;
import org.larder.rest.LongCalls;
import org.larder.rest.RestApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsApplicationBase;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsName;

/** Everything under {@code /api/v1/translation}. */
@Component(service = Application.class)
@JakartarsName("translation")
@JakartarsApplicationBase("/api/v1/translation")
public final class TranslationApplication extends RestApplication {
  private static final int LONG_CALLS = 4;

  private final LongCalls calls = new LongCalls("larder-translation", LONG_CALLS);

  /** Serves all calls. */
  @Activate
  public TranslationApplication(
      @Reference Intake intake, @Reference RecordReader reader, @Reference BufferControl buffer) {
    Removal removal = new Removal(intake, reader, buffer);
    serve(
        new SessionResource(intake, reader),
        new DeletionResource(intake, reader, removal, calls),
        new TaskResource(intake, reader),
        new RecoveryResource(intake, reader, calls),
        new FlushResource(buffer, calls),
        new StatisticsResource(reader, buffer));
  }

  @Deactivate
  void close() {
    calls.close();
  }
}

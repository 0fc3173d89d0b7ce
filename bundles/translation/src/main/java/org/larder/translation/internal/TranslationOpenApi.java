package org.larder.translation.internal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.larder.rest.OpenApiFragment;
import org.osgi.service.component.annotations.Component;

/** Describes the translation calls. */
@Component
public final class TranslationOpenApi implements OpenApiFragment {
  @Override
  public InputStream open() throws IOException {
    InputStream in = TranslationOpenApi.class.getResourceAsStream("openapi.json");
    if (in == null) {
      throw new FileNotFoundException("The bundle has no openapi.json");
    }
    return in;
  }
}

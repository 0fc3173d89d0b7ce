package org.larder.translation.internal;

import java.util.List;
import org.larder.storage.model.CollectionProvider;
import org.larder.storage.model.CollectionSchema;
import org.osgi.service.component.annotations.Component;

/** Contributes sessions and tasks to the host. */
@Component
public final class TranslationCollections implements CollectionProvider {
  @Override
  public List<CollectionSchema> collections() {
    return List.of(Sessions.SCHEMA, Tasks.SCHEMA);
  }
}

package org.larder.storage.query;

import java.math.BigDecimal;
import java.time.Instant;
import org.larder.storage.model.Row;
import org.larder.storage.model.Values;

/** One measure being computed over a group; for one thread. */
final class Figure {
  private final Aggregation.Measure measure;
  private long count;
  private Object extreme;
  private BigDecimal sum = BigDecimal.ZERO;
  private boolean floating;
  private boolean decimal;

  Figure(Aggregation.Measure measure) {
    this.measure = measure;
  }

  void add(Row row) {
    if (measure.field() == null) {
      count++;
      return;
    }
    Object value = row.value(measure.field());
    if (value == null) {
      return;
    }
    count++;
    switch (measure.function()) {
      case MIN -> extreme = extreme == null || Values.compare(value, extreme) < 0 ? value : extreme;
      case MAX -> extreme = extreme == null || Values.compare(value, extreme) > 0 ? value : extreme;
      case SUM, AVG -> sum = sum.add(number(value));
      case COUNT -> {}
    }
  }

  private BigDecimal number(Object value) {
    if (value instanceof Long integer) {
      return BigDecimal.valueOf(integer);
    }
    if (value instanceof Double real) {
      floating = true;
      return new BigDecimal(real);
    }
    if (value instanceof Instant instant) {
      return BigDecimal.valueOf(Row.micros(instant));
    }
    decimal = true;
    return (BigDecimal) value;
  }

  Object result() {
    return switch (measure.function()) {
      case COUNT -> count;
      case MIN, MAX -> extreme;
      case AVG -> count == 0 ? null : sum.doubleValue() / count;
      case SUM -> count == 0 ? null : total();
    };
  }

  private Object total() {
    if (floating) {
      return sum.doubleValue();
    }
    return decimal ? (Object) sum : (Object) sum.longValueExact();
  }
}

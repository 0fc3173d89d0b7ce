package org.larder.storage.query;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Which rows are meant. Immutable. A comparison with a field that is null or absent is false, and
 * so is its negation by another operator; {@link Not} turns false into true. (There is no third
 * truth value: what a backend pushes down has to agree.)
 *
 * <p>Operands are of the field's {@link org.larder.storage.model.FieldType#javaType()} and never
 * null; {@link Queries#check} says so where a query comes from outside.
 */
public sealed interface Filter {
  /** Every row. */
  Filter ALL = new And(List.of());

  /** How a field's value is compared with an operand. */
  enum Operator {
    /** Equal. */
    EQ,
    /** Has a value, and another one. */
    NE,
    /** Smaller. */
    LT,
    /** Smaller or equal. */
    LE,
    /** Greater. */
    GT,
    /** Greater or equal. */
    GE,
    /** Text that begins with the operand. */
    PREFIX,
    /** Text in which the operand stands somewhere. */
    CONTAINS
  }

  /** A field's value compared with an operand. */
  record Comparison(String field, Operator operator, Object operand) implements Filter {
    public Comparison {
      Objects.requireNonNull(field, "field");
      Objects.requireNonNull(operator, "operator");
      Objects.requireNonNull(operand, "operand");
    }
  }

  /** A field's value is one of the operands; false without operands. */
  record In(String field, List<Object> operands) implements Filter {
    public In {
      Objects.requireNonNull(field, "field");
      operands = List.copyOf(operands);
    }
  }

  /** A field is null or absent. */
  record IsNull(String field) implements Filter {
    public IsNull {
      Objects.requireNonNull(field, "field");
    }
  }

  /** All of the terms hold; true without terms. */
  record And(List<Filter> terms) implements Filter {
    public And {
      terms = List.copyOf(terms);
    }
  }

  /** One of the terms holds; false without terms. */
  record Or(List<Filter> terms) implements Filter {
    public Or {
      terms = List.copyOf(terms);
    }
  }

  /** The term does not hold. */
  record Not(Filter term) implements Filter {
    public Not {
      Objects.requireNonNull(term, "term");
    }
  }

  /** The field equals the operand. */
  static Filter eq(String field, Object operand) {
    return new Comparison(field, Operator.EQ, operand);
  }

  /** The field is smaller than the operand. */
  static Filter lt(String field, Object operand) {
    return new Comparison(field, Operator.LT, operand);
  }

  /** The field is smaller than the operand or equal. */
  static Filter le(String field, Object operand) {
    return new Comparison(field, Operator.LE, operand);
  }

  /** The field is greater than the operand or equal. */
  static Filter ge(String field, Object operand) {
    return new Comparison(field, Operator.GE, operand);
  }

  /** The field is one of the operands. */
  static Filter in(String field, Object... operands) {
    return new In(field, Arrays.asList(operands));
  }

  /** All of the terms hold. */
  static Filter and(Filter... terms) {
    return new And(Arrays.asList(terms));
  }

  /** One of the terms holds. */
  static Filter or(Filter... terms) {
    return new Or(Arrays.asList(terms));
  }
}

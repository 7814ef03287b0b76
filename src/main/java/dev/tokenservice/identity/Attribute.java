package dev.tokenservice.identity;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the evidence says of one attribute of a certificate: a value; that there is none; or nothing that decides it, because the
 * evidence does not have the attribute, or has several values where one is asked for.
 *
 * @param <T> the kind of value
 */
public final class Attribute<T> {

    private static final Attribute<?> ABSENT = new Attribute<>(Optional.empty(), Kind.KNOWN);
    private static final Attribute<?> UNKNOWN = new Attribute<>(Optional.empty(), Kind.UNKNOWN);
    private static final Attribute<?> SEVERAL = new Attribute<>(Optional.empty(), Kind.SEVERAL);

    private enum Kind {
        KNOWN,
        UNKNOWN,

        /** Unknown as well, and equal to it; what is told of it differs. */
        SEVERAL
    }

    private final Optional<T> value;
    private final Kind kind;

    private Attribute(Optional<T> value, Kind kind) {
        this.value = value;
        this.kind = kind;
    }

    public static <T> Attribute<T> of(T value) {
        return new Attribute<>(Optional.of(value), Kind.KNOWN);
    }

    /** An attribute that the certificate does not have. */
    @SuppressWarnings("unchecked")
    public static <T> Attribute<T> absent() {
        return (Attribute<T>) ABSENT;
    }

    /** An attribute of which the evidence does not tell. */
    @SuppressWarnings("unchecked")
    public static <T> Attribute<T> unknown() {
        return (Attribute<T>) UNKNOWN;
    }

    /** Every value of one kind that complete evidence shows; absent where there is none. */
    public static <T> Attribute<List<T>> all(List<T> values) {
        return values.isEmpty() ? absent() : of(List.copyOf(values));
    }

    /** The only one of these values: absent where there is none, unknown where there are several. */
    @SuppressWarnings("unchecked")
    public static <T> Attribute<T> only(List<T> values) {
        return values.size() > 1 ? (Attribute<T>) SEVERAL : values.isEmpty() ? absent() : of(values.get(0));
    }

    /** The value, where there is one. */
    public Optional<T> value() {
        return value;
    }

    /** Whether it is certain that the certificate does not have the attribute. */
    public boolean isAbsent() {
        return kind == Kind.KNOWN && value.isEmpty();
    }

    /** Whether the evidence does not decide it. */
    public boolean isUnknown() {
        return kind != Kind.KNOWN;
    }

    /** Whether it is unknown because there are several values where one is asked for. */
    public boolean isSeveral() {
        return kind == Kind.SEVERAL;
    }

    /** This, where absence is told; else absence is unknown. */
    public Attribute<T> absentOnlyIf(boolean told) {
        return isAbsent() && !told ? unknown() : this;
    }

    /** What another attribute is that follows from the value; absent or unknown where this one is. */
    @SuppressWarnings("unchecked")
    public <R> Attribute<R> flatMap(Function<T, Attribute<R>> function) {
        return value.isPresent() ? function.apply(value.get()) : (Attribute<R>) this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Attribute<?> attribute
                && attribute.isUnknown() == isUnknown()
                && attribute.value.equals(value);
    }

    @Override
    public int hashCode() {
        return 31 * value.hashCode() + Boolean.hashCode(isUnknown());
    }

    @Override
    public String toString() {
        return value.map(String::valueOf).orElse(isUnknown() ? "unknown" : "absent");
    }
}

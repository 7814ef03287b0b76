package dev.tokenservice.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Headers of a request, in their order and with their spelling; any of them as often as a test likes. */
public record Headers(List<Header> all) {

    public static final Headers NONE = new Headers(List.of());

    /** One line of a request's head. */
    public record Header(String name, String value) {}

    public Headers {
        all = List.copyOf(all);
    }

    /** These and one more, even of the same name. */
    public Headers and(String name, String value) {
        List<Header> more = new ArrayList<>(all);
        more.add(new Header(name, value));
        return new Headers(more);
    }

    /** These and those. */
    public Headers and(Headers others) {
        List<Header> more = new ArrayList<>(all);
        more.addAll(others.all);
        return new Headers(more);
    }

    /** These, without any of the name. */
    public Headers without(String name) {
        Predicate<Header> named = header -> header.name().equalsIgnoreCase(name);
        return new Headers(all.stream().filter(named.negate()).toList());
    }

    /** These, with one value of the name in place of those that were there. */
    public Headers with(String name, String value) {
        return without(name).and(name, value);
    }

    /** The value of a header that is there. */
    public String value(String name) {
        return all.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst()
                .orElseThrow();
    }
}

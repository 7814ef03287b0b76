package dev.tokenservice.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request without parameters: its body was read already, and no endpoint behind the gate looks at a query. Jersey asks
 * for both nevertheless; the container then trips over a charset that it does not know, and Jersey over a query with
 * malformed percent escapes.
 */
final class ReadRequest extends HttpServletRequestWrapper {

    /** Headers that the gate has judged: Jersey would read them again, whatever their length. */
    private static final Set<String> JUDGED = Set.of("accept", "content-type");

    ReadRequest(HttpServletRequest request) {
        super(request);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.emptyEnumeration();
    }

    @Override
    public @Nullable String getQueryString() {
        return null;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return JUDGED.contains(name.toLowerCase(Locale.ROOT)) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }
}

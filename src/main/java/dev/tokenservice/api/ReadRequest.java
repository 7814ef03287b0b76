package dev.tokenservice.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * A request without parameters: its body was read already, and no endpoint behind the gate looks at a query. Jersey asks
 * for both nevertheless; the container then trips over a charset that it does not know, and Jersey over a query with
 * malformed percent escapes.
 */
final class ReadRequest extends HttpServletRequestWrapper {

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
        return isJudged(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }

    /** Returns whether the gate has judged the header: Jersey would read it again, whatever its length. */
    private static boolean isJudged(String name) {
        return name.equalsIgnoreCase("Accept") || name.equalsIgnoreCase("Content-Type");
    }
}

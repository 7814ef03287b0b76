package dev.tokenservice.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;

/**
 * A request whose body was read already. Jersey asks the container for form parameters nevertheless, and the container
 * then trips over a charset that it does not know.
 */
final class ReadRequest extends HttpServletRequestWrapper {

    ReadRequest(HttpServletRequest request) {
        super(request);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.emptyEnumeration();
    }
}

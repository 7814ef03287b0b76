package dev.tokenservice.google;

import dev.tokenservice.outbound.Deadline;
import java.util.Map;

/** Signs as every token is signed. */
public interface Signature {

    /** Returns the signed claims, as a compact JWS. */
    String sign(Map<String, ?> claims, Deadline deadline);
}

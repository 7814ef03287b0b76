package dev.tokenservice.policy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.policy.cel.Facts;
import dev.tokenservice.x509.DistinguishedName;
import java.util.List;

/** One term of a {@code match}: an attribute and a list of values. It is true if one of the values matches. */
sealed interface MatchTerm {

    /** Returns the key under {@code match}. */
    String key();

    /** Returns whether the term is true for a request of a client. */
    Truth holds(ClientFacts client, Facts.Request request);

    /** Returns the number of its values. */
    int size();

    /** Returns whether it reads an attribute of the client. */
    default boolean reads(ClientAttribute asked) {
        return false;
    }

    /** Returns whether it is true for every request for which another term is true. */
    boolean covers(MatchTerm other);

    /** A name of the client, and patterns for it. */
    record OfName(String key, ClientAttribute attribute, List<NamePattern> patterns) implements MatchTerm {

        @Override
        public Truth holds(ClientFacts client, Facts.Request request) {
            Attribute<List<String>> names = client.texts(attribute);
            if (names.value().isEmpty()) {
                return names.isAbsent() ? Truth.FALSE : Truth.UNKNOWN;
            }
            Truth any = Truth.FALSE;
            for (String name : names.value().get()) {
                for (NamePattern pattern : patterns) {
                    any = any.or(pattern.matches(name));
                    if (any == Truth.TRUE) {
                        return any;
                    }
                }
            }
            return any;
        }

        @Override
        public int size() {
            return patterns.size();
        }

        @Override
        public boolean reads(ClientAttribute asked) {
            return attribute == asked;
        }

        @Override
        public boolean covers(MatchTerm other) {
            return other instanceof OfName term
                    && term.attribute == attribute
                    && term.patterns.stream()
                            .allMatch(wanted -> patterns.stream().anyMatch(pattern -> pattern.covers(wanted)));
        }
    }

    /**
     * A distinguished name.
     *
     * @param whole whether the name must equal one of these; otherwise it must contain all parts of one of them
     */
    record OfDirectory(String key, ClientAttribute attribute, List<DistinguishedName> names, boolean whole)
            implements MatchTerm {

        @Override
        public Truth holds(ClientFacts client, Facts.Request request) {
            Attribute<DistinguishedName> name = client.name(attribute);
            if (name.value().isEmpty()) {
                return name.isAbsent() ? Truth.FALSE : Truth.UNKNOWN;
            }
            DistinguishedName known = name.value().get();
            return Truth.of(names.stream()
                    .anyMatch(wanted ->
                            whole ? known.equals(wanted) : known.parts().containsAll(wanted.parts())));
        }

        @Override
        public int size() {
            return names.size();
        }

        @Override
        public boolean covers(MatchTerm other) {
            return other instanceof OfDirectory term && term.attribute == attribute && names.containsAll(term.names);
        }
    }

    /** The requested relying party. */
    record OfRelyingParty(List<String> names) implements MatchTerm {

        @Override
        public String key() {
            return "relyingParty";
        }

        @Override
        public Truth holds(ClientFacts client, Facts.Request request) {
            return Truth.of(names.contains(request.relyingParty()));
        }

        @Override
        public int size() {
            return names.size();
        }

        @Override
        public boolean covers(MatchTerm other) {
            return other instanceof OfRelyingParty term && names.containsAll(term.names);
        }
    }
}

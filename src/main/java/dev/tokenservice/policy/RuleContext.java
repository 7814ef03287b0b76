package dev.tokenservice.policy;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The names that rules can use.
 *
 * @param authorities the names of all authorities; {@code forwarded} is that of trusted summaries
 * @param trustsSummaries whether {@code forwarded} has clients
 * @param flows the names of the configured flows; none if they are unknown
 * @param withoutSubjects the authorities that do not vouch for the subject of their clients
 * @param relyingParties the relying parties
 * @param sets the sets by name
 * @param owners checks the owners of subjects from rows
 * @param expressions reads the expressions of rules
 * @param versionLast whether {@code version} is the last key of the file, so that a truncated file has no version
 */
record RuleContext(
        List<String> authorities,
        boolean trustsSummaries,
        List<String> flows,
        Collection<String> withoutSubjects,
        RelyingParties relyingParties,
        Map<String, RowSet> sets,
        SubjectOwners owners,
        ExpressionReader expressions,
        boolean versionLast) {}

"""Pure decisions and arithmetic of evidence: canonical bytes, the hash chain, Merkle trees, samples."""

// replaced by the real files
